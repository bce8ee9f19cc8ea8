<?php

namespace Drupal\hospes_connect;

use Drupal\Core\Entity\EntityTypeManagerInterface;
use Drupal\Core\Logger\LoggerChannelFactoryInterface;
use Drupal\Core\Messenger\MessengerInterface;
use Drupal\Core\Session\AccountProxyInterface;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\StringTranslation\TranslationInterface;
use Drupal\externalauth\AuthmapInterface;
use Drupal\hospes_connect\OpenId\Answers;
use Drupal\user\UserDataInterface;
use Drupal\user\UserInterface;

/**
 * Who may come in with an account of the provider.
 *
 * The openid_connect module finds an account by sub, then by e-mail address, and makes one where
 * there is none. Here it is decided whether the address may be trusted for that.
 */
final class Gate {

  use StringTranslationTrait;

  public function __construct(
    private readonly EntityTypeManagerInterface $entities,
    private readonly AuthmapInterface $authmap,
    private readonly UserDataInterface $userData,
    private readonly AccountProxyInterface $currentUser,
    private readonly MessengerInterface $messenger,
    private readonly LoggerChannelFactoryInterface $loggers,
    TranslationInterface $translation,
  ) {
    $this->setStringTranslation($translation);
  }

  /**
   * Returns FALSE where a sign-in must go no further.
   *
   * @param \Drupal\user\UserInterface|null $account
   *   The account that is connected with the person, if there is one.
   * @param array $context
   *   As hook_openid_connect_pre_authorize() has it.
   */
  public function mayEnter(?UserInterface $account, array $context): bool {
    $issuer = $this->issuer((string) ($context['plugin_id'] ?? ''));
    if ($issuer === NULL) {
      return TRUE;
    }
    if ($account) {
      // A sub means nothing at another provider.
      $known = $this->userData->get('hospes_connect', $account->id(), 'issuer');
      return $known === NULL || $known === $issuer
        || $this->refuse($this->t('Your account here is connected with an account at another provider.'), "Account {$account->id()} was connected with issuer $known.");
    }
    if ($this->currentUser->isAuthenticated()) {
      // Somebody signed in connects by hand: no address is trusted for it.
      return TRUE;
    }
    $email = Answers::confirmed_email($context['userinfo'] ?? []);
    if ($email === '') {
      return $this->refuse($this->t('The provider did not tell a confirmed e-mail address. Confirm it there, then sign in again.'), 'The e-mail address is not verified.');
    }
    foreach ($this->entities->getStorage('user')->loadByProperties(['mail' => $email]) as $other) {
      if ($this->authmap->get((int) $other->id(), 'openid_connect.' . $context['plugin_id'])) {
        return $this->refuse($this->t('An account here has your e-mail address already, and is connected with somebody else.'), "Account {$other->id()} has the address and another sub.");
      }
    }
    return TRUE;
  }

  /**
   * Remembers at which provider an account's sub is.
   */
  public function remember(UserInterface $account, array $context): void {
    $issuer = $this->issuer((string) ($context['plugin_id'] ?? ''));
    if ($issuer !== NULL) {
      $this->userData->set('hospes_connect', $account->id(), 'issuer', $issuer);
    }
  }

  /**
   * Returns the issuer of a client, NULL for a client that is not ours.
   */
  private function issuer(string $client_id): ?string {
    $client = $this->entities->getStorage('openid_connect_client')->load($client_id);
    if (!$client || $client->getPlugin()->getPluginId() !== 'hospes_connect') {
      return NULL;
    }
    return (string) $client->getPlugin()->getConfiguration()['issuer'];
  }

  private function refuse(string|\Stringable $sentence, string $detail): bool {
    $this->messenger->addError($sentence);
    $this->loggers->get('hospes_connect')->warning($detail);
    return FALSE;
  }

}
