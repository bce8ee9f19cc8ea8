"""What the software of each preset is told, as text with places to fill in.

A place is ``<<name>>``; ``settings_text.py`` fills it in as the text's syntax asks for. What only
the reader knows is written in capitals that begin with YOUR_. Texts that come from elsewhere:
none; the options are those of each project's own documentation.
"""

from __future__ import annotations

from typing import Final

from hospes.connect.domain.settings_text import Block

VALUES: Final = Block(
    "values",
    "plain",
    """\
Issuer: <<issuer>>
Discovery: <<discovery>>
Authorization: <<authorization_endpoint>>
Token: <<token_endpoint>>
User information: <<userinfo_endpoint>>
Sign-out: <<end_session_endpoint>>
Client ID: <<client_id>>
Client secret: <<secret>>
Redirect URLs: <<redirect_uris>>
Scopes: <<scopes>>
""",
)

_TWO: Final = """\
Client ID: <<client_id>>
Client Secret Key: <<secret>>
"""

_WORDPRESS: Final = (
    Block("wordpress_fields", "plain", _TWO),
    Block(
        "wordpress_constants",
        "php",
        """\
define('HOSPES_CONNECT_ISSUER', <<issuer>>);
define('HOSPES_CONNECT_CLIENT_ID', <<client_id>>);
define('HOSPES_CONNECT_CLIENT_SECRET', <<secret>>);
""",
        "wp-config.php",
    ),
)

_NEXTCLOUD: Final = (
    Block(
        "nextcloud",
        "shell",
        """\
php occ app:install user_oidc
php occ config:system:set user_oidc use_pkce --type=boolean --value=true
php occ user_oidc:provider hospes \\
  --clientid=<<client_id>> \\
  --clientsecret=<<secret>> \\
  --discoveryuri=<<discovery>> \\
  --scope=<<scopes>> \\
  --mapping-uid=sub \\
  --mapping-display-name=name \\
  --mapping-email=email \\
  --mapping-groups=groups \\
  --group-provisioning=1
""",
    ),
)

_GITLAB: Final = (
    Block(
        "gitlab",
        "ruby",
        """\
gitlab_rails['omniauth_allow_single_sign_on'] = ['openid_connect']
gitlab_rails['omniauth_block_auto_created_users'] = true
gitlab_rails['omniauth_providers'] = [
  {
    name: 'openid_connect',
    label: <<provider>>,
    args: {
      name: 'openid_connect',
      scope: ['openid', 'profile', 'email'],
      response_type: 'code',
      issuer: <<issuer>>,
      discovery: true,
      client_auth_method: 'basic',
      uid_field: 'sub',
      pkce: true,
      client_options: {
        identifier: <<client_id>>,
        secret: <<secret>>,
        redirect_uri: <<redirect_uri>>
      }
    }
  }
]
""",
        "/etc/gitlab/gitlab.rb",
    ),
)

_GRAFANA: Final = (
    Block(
        "grafana",
        "ini",
        """\
[server]
root_url = <<site>>

[auth.generic_oauth]
enabled = true
name = <<provider>>
client_id = <<client_id>>
client_secret = <<secret>>
scopes = <<scopes>>
auth_url = <<authorization_endpoint>>
token_url = <<token_endpoint>>
api_url = <<userinfo_endpoint>>
use_pkce = true
email_attribute_path = email
login_attribute_path = email
name_attribute_path = name
groups_attribute_path = groups
allow_sign_up = true
""",
        "/etc/grafana/grafana.ini",
    ),
)

_ROUNDCUBE: Final = (
    Block(
        "roundcube",
        "php",
        """\
$config['oauth_provider'] = 'generic';
$config['oauth_provider_name'] = <<provider>>;
$config['oauth_client_id'] = <<client_id>>;
$config['oauth_client_secret'] = <<secret>>;
$config['oauth_auth_uri'] = <<authorization_endpoint>>;
$config['oauth_token_uri'] = <<token_endpoint>>;
$config['oauth_identity_uri'] = <<userinfo_endpoint>>;
$config['oauth_scope'] = <<scopes>>;
$config['oauth_identity_fields'] = ['email'];
""",
        "config/config.inc.php",
    ),
    Block(
        "dovecot",
        "dovecot",
        """\
auth_mechanisms = plain login oauthbearer xoauth2

passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = /etc/dovecot/hospes-token.conf.ext
}

passdb {
  driver = oauth2
  mechanisms = plain login
  args = /etc/dovecot/hospes-password.conf.ext
}
""",
        "/etc/dovecot/conf.d/10-auth.conf",
    ),
    Block(
        "dovecot_token",
        "dovecot",
        """\
introspection_url = <<introspection_endpoint>>
introspection_mode = post
client_id = <<client_id>>
client_secret = <<secret>>
# Tokens of this application only, and only those that may read the address.
active_attribute = client_id
active_value = <<client_id>>
scope = email
username_attribute = username
tls_ca_cert_file = /etc/ssl/certs/ca-certificates.crt
""",
        "/etc/dovecot/hospes-token.conf.ext",
    ),
    Block(
        "dovecot_password",
        "dovecot",
        """\
introspection_url = <<introspection_endpoint>>
introspection_mode = post
client_id = <<client_id>>
client_secret = <<secret>>
active_attribute = active
active_value = true
scope = application_password
username_attribute = username
tls_ca_cert_file = /etc/ssl/certs/ca-certificates.crt
""",
        "/etc/dovecot/hospes-password.conf.ext",
    ),
)

_APACHE: Final = (
    Block(
        "apache",
        "apache",
        """\
OIDCProviderMetadataURL <<discovery>>
OIDCClientID <<client_id>>
OIDCClientSecret <<secret>>
OIDCRedirectURI <<redirect_uri>>
OIDCCryptoPassphrase "YOUR_LONG_RANDOM_TEXT"
OIDCScope <<scopes>>
OIDCPKCEMethod S256
OIDCRemoteUserClaim sub

<Location "/">
  AuthType openid-connect
  Require valid-user
</Location>
""",
        "/etc/apache2/sites-available/….conf",
    ),
    Block("apache_logout", "plain", "<<redirect_uri>>?logout=<<site_quoted>>%2F\n"),
)

_NGINX: Final = (
    Block(
        "oauth2_proxy",
        "toml",
        """\
provider = "oidc"
provider_display_name = <<provider>>
oidc_issuer_url = <<issuer>>
client_id = <<client_id>>
client_secret = <<secret>>
redirect_url = <<redirect_uri>>
scope = <<scopes>>
code_challenge_method = "S256"
cookie_secret = "YOUR_RANDOM_TEXT_OF_32_CHARACTERS"
email_domains = ["*"]
http_address = "127.0.0.1:4180"
reverse_proxy = true
set_xauthrequest = true
upstreams = ["static://202"]
""",
        "/etc/oauth2-proxy.cfg",
    ),
    Block(
        "nginx",
        "nginx",
        """\
location /oauth2/ {
  proxy_pass http://127.0.0.1:4180;
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Uri $request_uri;
}

location = /oauth2/auth {
  internal;
  proxy_pass http://127.0.0.1:4180;
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Uri $request_uri;
  proxy_set_header Content-Length "";
  proxy_pass_request_body off;
}

location / {
  auth_request /oauth2/auth;
  error_page 401 = /oauth2/sign_in;
  auth_request_set $user $upstream_http_x_auth_request_user;
  proxy_set_header X-User $user;
  proxy_pass http://YOUR_SERVER;
}
""",
        "/etc/nginx/sites-available/…",
    ),
)

_KUBERNETES: Final = (
    Block(
        "kubernetes_server",
        "yaml",
        """\
apiVersion: apiserver.config.k8s.io/v1beta1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: <<issuer>>
    audiences:
    - <<client_id>>
  claimMappings:
    username:
      claim: sub
      prefix: "oidc:"
    groups:
      claim: groups
      prefix: "oidc:"
""",
        "authentication-config.yaml",
    ),
    Block(
        "kubernetes_people",
        "shell",
        """\
kubectl krew install oidc-login
kubectl config set-credentials oidc \\
  --exec-api-version=client.authentication.k8s.io/v1 \\
  --exec-interactive-mode=IfAvailable \\
  --exec-command=kubectl \\
  --exec-arg=oidc-login \\
  --exec-arg=get-token \\
  --exec-arg=--oidc-issuer-url=<<issuer>> \\
  --exec-arg=--oidc-client-id=<<client_id>> \\
  --exec-arg=--oidc-extra-scope=groups
kubectl config set-context --current --user=oidc
""",
    ),
)

_AWS: Final = (
    Block(
        "aws_cognito",
        "json",
        """\
{
  "UserPoolId": "YOUR_USER_POOL_ID",
  "ProviderName": "Hospes",
  "ProviderType": "OIDC",
  "ProviderDetails": {
    "oidc_issuer": <<issuer>>,
    "client_id": <<client_id>>,
    "client_secret": <<secret>>,
    "authorize_scopes": <<scopes>>,
    "attributes_request_method": "GET"
  },
  "AttributeMapping": {"username": "sub", "email": "email", "name": "name"}
}
""",
        "provider.json",
    ),
    Block(
        "aws_balancer",
        "json",
        """\
[
  {
    "Type": "authenticate-oidc",
    "Order": 1,
    "AuthenticateOidcConfig": {
      "Issuer": <<issuer>>,
      "AuthorizationEndpoint": <<authorization_endpoint>>,
      "TokenEndpoint": <<token_endpoint>>,
      "UserInfoEndpoint": <<userinfo_endpoint>>,
      "ClientId": <<client_id>>,
      "ClientSecret": <<secret>>,
      "Scope": <<scopes>>
    }
  },
  {"Type": "forward", "Order": 2, "TargetGroupArn": "YOUR_TARGET_GROUP_ARN"}
]
""",
        "actions.json",
    ),
    Block(
        "aws_roles",
        "shell",
        """\
aws iam create-open-id-connect-provider \\
  --url <<issuer>> \\
  --client-id-list <<client_id>>
""",
    ),
)

BLOCKS: Final[dict[str, tuple[Block, ...]]] = {
    "wordpress": _WORDPRESS,
    "typo3": (Block("typo3", "plain", _TWO),),
    "drupal": (Block("drupal", "plain", _TWO),),
    "oidc": (VALUES,),
    "nextcloud": _NEXTCLOUD,
    "gitlab": _GITLAB,
    "grafana": _GRAFANA,
    "roundcube": _ROUNDCUBE,
    "apache": _APACHE,
    "nginx": _NGINX,
    "kubernetes": _KUBERNETES,
    "aws": _AWS,
}
