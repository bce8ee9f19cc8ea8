<?php
// The base class of a client plug-in of the openid_connect module, as its documentation has it.

namespace Drupal\openid_connect\Plugin;

use Drupal\Core\Form\FormStateInterface;
use Drupal\Core\GeneratedUrl;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\Url;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Response;

abstract class OpenIDConnectClientBase
{
    use StringTranslationTrait;

    protected $configuration = [];
    protected $requestStack;
    protected $loggerFactory;
    protected $pageCacheKillSwitch;
    protected $languageManager;
    protected $parentEntityId = '';

    public static function create(ContainerInterface $container, array $configuration, $plugin_id, $plugin_definition)
    {
        $plugin = new static();
        foreach (['requestStack' => 'request_stack', 'loggerFactory' => 'logger.factory', 'pageCacheKillSwitch' => 'page_cache_kill_switch', 'languageManager' => 'language_manager'] as $name => $id) {
            $plugin->$name = $container->get($id);
        }
        $plugin->setConfiguration($configuration);
        return $plugin;
    }

    public function getPluginId()
    {
        return 'hospes_connect';
    }

    public function getConfiguration(): array
    {
        return $this->configuration;
    }

    public function setConfiguration(array $configuration)
    {
        $this->configuration = array_merge($this->configuration ?: $this->defaultConfiguration(), $configuration);
    }

    public function defaultConfiguration(): array
    {
        return ['client_id' => '', 'client_secret' => '', 'iss_allowed_domains' => ''];
    }

    public function setParentEntityId(string $entity_id)
    {
        $this->parentEntityId = $entity_id;
    }

    public function buildConfigurationForm(array $form, FormStateInterface $form_state): array
    {
        foreach (['client_id', 'client_secret', 'iss_allowed_domains'] as $name) {
            $form[$name] = ['#default_value' => $this->configuration[$name]];
        }
        return $form;
    }

    public function validateConfigurationForm(array &$form, FormStateInterface $form_state)
    {
    }

    public function authorize(string $scope = 'openid email', array $additional_params = []): Response
    {
        $options = $this->getUrlOptions($scope, $this->getRedirectUrl()->toString(true));
        $options['query'] = array_merge($options['query'], $additional_params);
        return new RedirectResponse(Url::fromUri($this->getEndpoints()['authorization'], $options)->toString());
    }

    abstract public function getEndpoints(): array;

    abstract protected function getUrlOptions(string $scope, GeneratedUrl $redirect_uri): array;

    protected function getRedirectUrl(array $route_parameters = [], array $options = []): Url
    {
        return Url::fromRoute('openid_connect.redirect_controller_redirect', $route_parameters + ['openid_connect_client' => $this->parentEntityId], $options);
    }
}
