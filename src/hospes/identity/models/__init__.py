"""The tables of accounts: who signs in, how, and how they get back in."""

from hospes.identity.models.accounts import Account, Browser, Session, SignUp
from hospes.identity.models.application_passwords import ApplicationPassword
from hospes.identity.models.links import DataExport, MailLink
from hospes.identity.models.phone import Authenticator, AuthenticatorLink, Challenge
from hospes.identity.models.recovery import RecoveryCase, SentCode, TemporaryLogin
from hospes.identity.models.two_step import (
    BackupCode,
    Method,
    Passkey,
    PasskeyCeremony,
    SignInStep,
    TrustedBrowser,
)

__all__ = [
    "Account",
    "ApplicationPassword",
    "Authenticator",
    "AuthenticatorLink",
    "BackupCode",
    "Browser",
    "Challenge",
    "DataExport",
    "MailLink",
    "Method",
    "Passkey",
    "PasskeyCeremony",
    "RecoveryCase",
    "SentCode",
    "Session",
    "SignInStep",
    "SignUp",
    "TemporaryLogin",
    "TrustedBrowser",
]
