<?php

namespace Drupal\hospes_connect\Plugin\OpenIDConnectClient;

use Drupal\Core\Form\FormStateInterface;
use Drupal\Core\GeneratedUrl;
use Drupal\Core\Site\Settings;
use Drupal\Core\Url;
use Drupal\hospes_connect\OpenId\Answers;
use Drupal\hospes_connect\OpenId\Attempt;
use Drupal\hospes_connect\OpenId\Client;
use Drupal\hospes_connect\OpenId\Refused;
use Drupal\hospes_connect\SiteFile;
use Drupal\openid_connect\Plugin\OpenIDConnectClientBase;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Response;

/**
 * Signs people in at a Hospes provider, and believes nothing that is not proved.
 *
 * @OpenIDConnectClient(
 *   id = "hospes_connect",
 *   label = @Translation("Hospes Connect")
 * )
 */
class HospesConnect extends OpenIDConnectClientBase {

  private const SEALED = 'hospes_connect.attempt';

  /**
   * The client's surroundings.
   *
   * @var \Drupal\hospes_connect\OpenId\Host
   */
  protected $host;

  /**
   * The session service of openid_connect, which keeps the state.
   *
   * @var \Drupal\openid_connect\OpenIDConnectSessionInterface
   */
  protected $connectSession;

  /**
   * The configuration.
   *
   * @var \Drupal\Core\Config\ConfigFactoryInterface
   */
  protected $configFactory;

  /**
   * The messenger.
   *
   * @var \Drupal\Core\Messenger\MessengerInterface
   */
  protected $messenger;

  /**
   * What was proved in this request: access token => claims.
   *
   * @var array
   */
  private array $proved = [];

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container, array $configuration, $plugin_id, $plugin_definition) {
    $plugin = parent::create($container, $configuration, $plugin_id, $plugin_definition);
    $plugin->host = $container->get('hospes_connect.host');
    $plugin->connectSession = $container->get('openid_connect.session');
    $plugin->configFactory = $container->get('config.factory');
    $plugin->messenger = $container->get('messenger');
    return $plugin;
  }

  /**
   * {@inheritdoc}
   */
  public function defaultConfiguration(): array {
    $file = SiteFile::read(dirname(__DIR__, 3));
    return [
      'issuer' => $file['issuer'] ?? '',
      'client_id' => $file['client_id'] ?? '',
    ] + parent::defaultConfiguration();
  }

  /**
   * {@inheritdoc}
   */
  public function buildConfigurationForm(array $form, FormStateInterface $form_state): array {
    $form = parent::buildConfigurationForm($form, $form_state);
    unset($form['iss_allowed_domains']);
    $has_secret = $this->configuration['client_secret'] !== '';
    $form['client_secret'] = [
      '#title' => $this->t('Client Secret Key'),
      // A secret is never shown again.
      '#type' => 'password',
      '#required' => !$has_secret,
      '#description' => $has_secret ? $this->t('Leave it empty to keep the one that is stored.') : '',
    ];
    $form['issuer'] = [
      '#title' => $this->t('Address of the provider'),
      '#type' => 'url',
      '#default_value' => $this->configuration['issuer'],
      '#required' => TRUE,
      '#description' => $this->t('A module that was downloaded for this site has it filled in.'),
    ];
    return $form;
  }

  /**
   * {@inheritdoc}
   */
  public function validateConfigurationForm(array &$form, FormStateInterface $form_state) {
    parent::validateConfigurationForm($form, $form_state);
    $issuer = Answers::tidy_issuer((string) $form_state->getValue('issuer'));
    if ($issuer === '') {
      $form_state->setErrorByName('issuer', $this->t('The address of the provider must begin with https:// and has no question mark in it.'));
    }
    else {
      $form_state->setValue('issuer', $issuer);
    }
    $form_state->setValue('client_id', trim((string) $form_state->getValue('client_id')));
    $secret = trim((string) $form_state->getValue('client_secret'));
    $form_state->setValue('client_secret', $secret !== '' ? $secret : $this->configuration['client_secret']);
  }

  /**
   * {@inheritdoc}
   */
  public function getClientScopes(): ?array {
    $roles = $this->configFactory->get('openid_connect.settings')->get('role_mappings') ?: [];
    return array_merge(['openid', 'profile', 'email'], array_filter($roles) ? ['groups'] : []);
  }

  /**
   * {@inheritdoc}
   */
  public function getEndpoints(): array {
    $names = [
      'authorization' => 'authorization_endpoint',
      'token' => 'token_endpoint',
      'userinfo' => 'userinfo_endpoint',
      'end_session' => 'end_session_endpoint',
    ];
    $endpoints = [];
    foreach ($names as $key => $name) {
      try {
        $endpoints[$key] = $this->client()->endpoint($name);
      }
      catch (Refused) {
        // Whatever is not known is not offered, as openid_connect expects it.
        $endpoints[$key] = '';
      }
    }
    return $endpoints;
  }

  /**
   * {@inheritdoc}
   */
  public function usesUserInfo(): bool {
    return TRUE;
  }

  /**
   * {@inheritdoc}
   */
  public function authorize(string $scope = 'openid email', array $additional_params = []): Response {
    // Only these: nothing that was worked out here may be replaced from an address.
    $additional_params = array_intersect_key($additional_params, ['login_hint' => 1, 'prompt' => 1]);
    try {
      if (in_array('', [$this->configuration['client_id'], $this->configuration['client_secret']], TRUE)) {
        throw new Refused('setup', 'The settings are not complete.');
      }
      $this->client()->endpoint('authorization_endpoint');
      return parent::authorize($scope, $additional_params);
    }
    catch (Refused $refused) {
      $this->tell($refused);
      $this->pageCacheKillSwitch->trigger();
      return new RedirectResponse(Url::fromRoute('user.login')->toString());
    }
  }

  /**
   * {@inheritdoc}
   */
  protected function getUrlOptions(string $scope, GeneratedUrl $redirect_uri): array {
    $attempt = Attempt::begin([], $this->host->now());
    $this->connectSession->saveStateToken($attempt->state);
    $this->session()->set(self::SEALED, $attempt->seal($this->key()));
    $words = $attempt->words($this->configuration['client_id'], $redirect_uri->getGeneratedUrl(), $scope);
    return ['query' => $words + ['ui_locales' => $this->languageManager->getCurrentLanguage()->getId()]];
  }

  /**
   * {@inheritdoc}
   */
  public function retrieveTokens(string $authorization_code): ?array {
    $query = $this->requestStack->getCurrentRequest()->query;
    $words = ['code' => $authorization_code];
    foreach (['state', 'iss'] as $name) {
      $words[$name] = (string) $query->get($name, '');
    }
    $sealed = $this->session()->remove(self::SEALED);
    try {
      $attempt = Attempt::open($sealed, $this->key(), $words['state'], $this->host->now());
      $proved = $this->client()->finish($words, $attempt, $this->getRedirectUrl()->toString(TRUE)->getGeneratedUrl());
    }
    catch (Refused $refused) {
      $this->tell($refused);
      return NULL;
    }
    $tokens = $proved['tokens'];
    $this->proved[$tokens['access_token']] = $proved['person'];
    return [
      'id_token' => $tokens['id_token'],
      'access_token' => $tokens['access_token'],
      'expire' => $this->host->now() + (int) ($tokens['expires_in'] ?? 0),
    ];
  }

  /**
   * {@inheritdoc}
   */
  public function retrieveUserInfo(string $access_token): ?array {
    // Asked already, with the token that was proved; for no other token is anything known here.
    $person = $this->proved[$access_token] ?? NULL;
    if ($person === NULL) {
      return NULL;
    }
    // Names for the mapping of groups to roles, whichever form the provider has for a group.
    return ['groups' => Answers::teams($person)] + $person;
  }

  /**
   * Tells the visitor in a sentence, and the log in full, what went wrong.
   */
  private function tell(Refused $refused): void {
    $name = ['@provider' => (string) parse_url($this->configuration['issuer'], PHP_URL_HOST)];
    $sentences = [
      'unreachable' => $this->t('@provider cannot be reached at the moment. Try again in a few minutes, or sign in with your password for this site.', $name),
      'expired' => $this->t('This sign-in took too long, was used already, or began in another browser. Please try again.'),
      'setup' => $this->t('The connection between this site and @provider is not set up correctly. Please tell the administrator of this site.', $name),
      'untrusted' => $this->t('The answer of @provider could not be verified, so nobody was signed in. Please tell the administrator of this site.', $name),
    ];
    $this->messenger->addError($sentences[$refused->reason] ?? $this->t('The sign-in did not work. Please try again.'));
    if ($refused->getMessage() !== '') {
      $this->loggerFactory->get('hospes_connect')->error('@reason: @detail', [
        '@reason' => $refused->reason,
        '@detail' => $refused->getMessage(),
      ]);
    }
  }

  private function client(): Client {
    return new Client($this->host, $this->configuration['issuer'], $this->configuration['client_id'], $this->configuration['client_secret']);
  }

  private function key(): string {
    return hash_hmac('sha256', 'hospes-connect sign-in', Settings::getHashSalt(), TRUE);
  }

  private function session() {
    return $this->requestStack->getCurrentRequest()->getSession();
  }

}
