"""What to do with each printed text, in one sentence."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

STEPS: Final = {
    "values": gettext_lazy("Copy these values into the OpenID Connect settings of your software."),
    "wordpress_fields": gettext_lazy(
        "Install the module under Plugins, Add New, Upload Plugin, and type these two values "
        "under Settings, Hospes Connect."
    ),
    "wordpress_constants": gettext_lazy(
        "Or keep them out of WordPress's database: put these lines into wp-config.php, above the "
        "line that says to stop editing."
    ),
    "typo3": gettext_lazy(
        "Upload the module under Extensions, and type these two values under Settings, Extension "
        "Configuration, hospes_connect."
    ),
    "drupal": gettext_lazy(
        "Unpack the module in modules/custom, install it under Extend, and type these two values "
        "under Configuration, People, OpenID Connect."
    ),
    "nextcloud": gettext_lazy(
        "Run these commands in Nextcloud's folder, as the web server's user."
    ),
    "gitlab": gettext_lazy(
        "Add these lines to the file, then run: gitlab-ctl reconfigure. New people are blocked "
        "until an administrator lets them in."
    ),
    "grafana": gettext_lazy("Add these lines to the file, and restart Grafana."),
    "roundcube": gettext_lazy("Add these lines to Roundcube's settings."),
    "dovecot": gettext_lazy(
        "For Dovecot 2.3, put these lines in the place of auth_mechanisms and of the other "
        "passdb blocks."
    ),
    "dovecot_token": gettext_lazy(
        "Make this file, readable by root alone: it lets people in whom Roundcube signed in."
    ),
    "dovecot_password": gettext_lazy(
        "Make this file as well: it lets mail programs in with application passwords, once the "
        "provider has allowed this application to ask about them."
    ),
    "apache": gettext_lazy(
        "Put these lines into the virtual host that is protected, run a2enmod auth_openidc, and "
        "restart Apache."
    ),
    "apache_logout": gettext_lazy("A link to this address signs people out."),
    "oauth2_proxy": gettext_lazy(
        "nginx asks OAuth2 Proxy beside it: make this file, and start oauth2-proxy with "
        "--config and its path."
    ),
    "nginx": gettext_lazy("Put these lines into the server block that is protected."),
    "kubernetes_server": gettext_lazy(
        "Make this file for the API server, and name it with --authentication-config."
    ),
    "kubernetes_people": gettext_lazy(
        "Everybody who works with the cluster runs these commands once, with kubectl and krew "
        "installed."
    ),
    "aws_cognito": gettext_lazy(
        "For a user pool, run aws cognito-idp create-identity-provider with --cli-input-json "
        "and this file."
    ),
    "aws_balancer": gettext_lazy(
        "For a load balancer, give this file to aws elbv2 create-rule or modify-listener as the "
        "actions."
    ),
    "aws_roles": gettext_lazy(
        "For roles that are taken on with an ID token (AssumeRoleWithWebIdentity), run this "
        "command."
    ),
}
