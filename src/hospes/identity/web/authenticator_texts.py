"""The words of the Authenticator, handed to the app as one JSON file a language.

The app fills ``{name}`` in; that is why nothing here is a Python format of its own.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

TEXTS = {
    # Around every screen.
    "app_name": _("Authenticator"),
    "navigation": _("Authenticator"),
    "tab_codes": _("Codes"),
    "tab_requests": _("Requests"),
    "tab_settings": _("Settings"),
    "back": _("Back"),
    "cancel": _("Cancel"),
    "confirm": _("Confirm"),
    "continue": _("Continue"),
    "copy": _("Copy"),
    "details": _("Details"),
    "save": _("Save"),
    "saved": _("Saved."),
    "reload": _("Reload"),
    "try_again": _("Try again"),
    "no_network": _("No network"),
    "update_ready": _("A new version is ready."),
    "update_now": _("Update"),
    "storage_heading": _("This browser keeps nothing"),
    "storage_text": _(
        "The Authenticator needs a place for its keys on this phone, and the browser refuses "
        "it one."
    ),
    "storage_hint": _(
        "Private windows forget everything when they are closed, so no key can live there. "
        "Open the app in an ordinary window, or allow this site to store data in the "
        "browser's settings."
    ),
    "broken_heading": _("Something went wrong"),
    "broken_text": _("The app came upon something it did not expect."),
    "broken_kept": _("Your accounts and keys are still on this phone."),
    # Codes.
    "codes_heading": _("Your codes"),
    "add_account": _("Add an account"),
    "empty_heading": _("No account yet"),
    "empty_text": _(
        "Link this phone to your account. Sign-ins then ask here for a yes or no, and "
        "one-time codes work without a network."
    ),
    "copy_code": _("Copy the code {code} for {name}"),
    "code_copied": _("Code copied."),
    "code_marked": _("The code is marked; copy it with the keyboard or a long press."),
    "used_ago": _("used {when}"),
    "never_used": _("not used yet"),
    "removed_short": _("The link was removed on the web. Its codes are no longer accepted."),
    "removed_said": _("The link with {name} at {provider} was removed."),
    "reorder": _("Change the order"),
    "reorder_help": _("Drag an account to its place, or use the arrows."),
    "move_up": _("Move {name} up"),
    "move_down": _("Move {name} down"),
    "moved": _("{name} is now number {position} of {count}."),
    "order_keep": _("Save the order"),
    "order_kept": _("The order is saved."),
    # One account.
    "account_gone": _("No such account"),
    "account_gone_text": _("This account is no longer on this phone."),
    "fact_account": _("Account"),
    "fact_provider": _("Provider"),
    "fact_address": _("Address"),
    "fact_phone": _("This phone"),
    "fact_linked": _("Linked"),
    "fact_used": _("Last used"),
    "names_heading": _("Names"),
    "label_account": _("Name in this app"),
    "label_account_help": _("Only you see it. Leave it empty to show the account's name."),
    "label_device": _("Name of this phone"),
    "label_device_help": _("It tells your phones apart in your account's settings."),
    "device_not_saved": _(
        "The name in this app is saved. The name of the phone could not be changed; try "
        "again later."
    ),
    "unlink_heading": _("Remove the link"),
    "unlink_text": _(
        "A link is removed in your account at {provider}, where the password is asked. "
        "Without the link, this phone can no longer confirm your sign-ins."
    ),
    "unlink_go": _("Open the settings"),
    "removed_text": _(
        "This link was removed in your account at {provider}. Its codes and answers are no "
        "longer accepted. To use this phone again, link it anew."
    ),
    "forget": _("Delete from this phone"),
    "forget_heading": _("Delete {name} from this phone?"),
    "forget_text": _("Its keys are deleted here and cannot be brought back."),
    "forgotten": _("Deleted from this phone."),
    # Linking.
    "add_heading": _("Add an account"),
    "add_here_heading": _("On this phone"),
    "add_here_text": _("Sign in here and allow this phone. This is the quickest way."),
    "add_here_go": _("Sign in on this phone"),
    "add_computer_heading": _("From a computer"),
    "add_computer_1": _("On the computer, open {address} and sign in."),
    "add_computer_2": _(
        "Under “{activate}” or “{add}”, press “{set_up}” beside “{authenticator}”. Go on until a "
        "QR code appears."
    ),
    "web_activate": _("Activate"),
    "web_add": _("Add an option"),
    "web_set_up": _("Set up"),
    "add_computer_3": _("Press Continue here and point the camera at the code."),
    "type_instead": _("Type the code instead"),
    "type_heading": _("Type the code"),
    "type_label": _("Code below the QR code"),
    "type_help": _("Ten letters and digits, such as 7K2M9-QX4TD."),
    "type_wrong": _("This is not a code of ten letters and digits. Check it on the computer."),
    "link_heading": _("Link this phone to {name} at {provider}?"),
    "link_warning": _(
        "Only go on if you asked for this yourself. Whoever links a phone can confirm "
        "sign-ins with it."
    ),
    "link_already": _(
        "This phone is linked to this account already. Linking it again adds a second entry."
    ),
    "link_go": _("Link this phone"),
    "linked": _("This phone is linked to {name}."),
    "link_refused_heading": _("This phone was not linked"),
    "link_unknown": _("This code is not valid. Check it, or show a new one on the computer."),
    "link_expired": _("This code has expired. Show a new one on the computer."),
    "link_used": _(
        "This code has been used already. If that was not you, remove the unknown phone in "
        "your account's settings."
    ),
    "link_offline": _(
        "There is no connection to the provider. The code stays valid for a few minutes: try again."
    ),
    "link_too_many": _("Too many tries. Wait a minute, then try again."),
    "link_failed": _("The provider did not answer as expected. Try again."),
    "link_again": _("Start again"),
    "device_phone": _("{platform} phone"),
    "device_tablet": _("{platform} tablet"),
    "device_computer": _("{platform} computer"),
    "backup_heading": _("Your backup codes"),
    "backup_lead": _(
        "Each code signs you in to {account} once, should you lose this phone. They are "
        "shown only now."
    ),
    "backup_download": _("Download"),
    "backup_print": _("Print"),
    "backup_copied": _("Backup codes copied."),
    "backup_downloaded": _("Backup codes downloaded."),
    "backup_keep": _(
        "Keep them where you find them without this phone: on paper, or in a password manager."
    ),
    "backup_done": _("I have kept the codes"),
    "backup_gone": _(
        "Backup codes are shown once. You can make new ones in your account's settings."
    ),
    "backup_file_heading": _("Backup codes for {account} at {provider}"),
    "backup_file_name": _("backup-codes"),
    "backup_once": _("Each code works once."),
    "scan_heading": _("Scan the QR code"),
    "scan_lead": _("Point the camera at the code on the computer's screen."),
    "scan_open": _("Open the camera"),
    "scan_picture": _("Picture of the camera"),
    "scan_photo": _("Or choose a photo of the code"),
    "scan_photo_empty": _(
        "No QR code was found in this photo. Take it from closer, with the whole code in it."
    ),
    "scan_photo_bad": _("This file could not be read as a photo."),
    "scan_denied": _(
        "The camera is not allowed for this app. Allow it in the browser's settings, or type "
        "the code."
    ),
    "scan_no_camera": _(
        "No camera was found, or another app is using it. You can type the code instead."
    ),
    "scan_other": _(
        "This QR code does not link a phone. Scan the one that your account's settings show."
    ),
    "scan_otpauth": _(
        "This QR code is for other apps with one-time codes. On the computer, choose the "
        "Authenticator."
    ),
    "scan_elsewhere": _(
        "This QR code belongs to {host}, not to this provider. Link it in the Authenticator "
        "of {host}."
    ),
    # Requests.
    "requests_heading": _("Requests"),
    "no_request": _("No request is waiting"),
    "no_request_text": _(
        "When you sign in elsewhere, the question appears here by itself while this app is open."
    ),
    "request_waits": _("A request is waiting for your answer."),
    "requests_wait": _("{count} requests are waiting for your answer."),
    "request_look": _("Look"),
    "request_position": _("Request {position} of {count}"),
    "request_compare_number": _(
        "Compare the time. Type only the number that the browser shows for this very sign-in."
    ),
    "request_compare": _("Compare the time and the application before you say yes."),
    "to_codes": _("Go to your codes"),
    "request_next": _("Look at the next request"),
    "request_heading": _("Is it you signing in?"),
    # An application's own request (CIBA): nobody signs in, and there is no number.
    "approval_heading": _("Do you approve this?"),
    "approval_meaning": _(
        "Say yes only if you are dealing with {application} right now and it shows you the same "
        "message."
    ),
    "approval_meaning_bare": _("Say yes only if you are dealing with {application} right now."),
    "answer_approved_request_text": _("{application} goes on by itself."),
    "answer_refused_request_text": _("{application} was told no and got nothing."),
    "fact_application": _("Application"),
    "fact_browser": _("Browser"),
    "fact_message": _("Message"),
    "fact_place": _("Place"),
    "fact_time": _("Time"),
    "fact_left": _("Time left to answer"),
    "place_unknown": _("Unknown"),
    "yes": _("Yes"),
    "no": _("No"),
    "no_meaning": _("No refuses the sign-in at once."),
    "number_label": _("Number shown in the browser"),
    "number_help": _("Type the two digits that you see where you sign in to {application}."),
    "number_warning": _(
        "Never type a number that somebody tells you on the phone or in a message."
    ),
    "number_format": _("Type the two digits."),
    "wrong_number": _("This is not the number shown in the browser. Tries left: {tries}"),
    "answer_offline": _("Your answer did not get through: there is no connection. Try again."),
    "answer_failed": _("Your answer did not get through. Try again."),
    "answer_not_let_in": _(
        "The provider does not accept this phone at present. Your account may be locked."
    ),
    "answer_approved": _("Confirmed"),
    "answer_approved_text": _("The browser goes on by itself."),
    "answer_refused": _("Refused"),
    "answer_refused_text": _("Nobody was signed in."),
    "answer_expired": _("Too late"),
    "answer_expired_text": _("This request has expired. If it was you, start signing in again."),
    "answer_expired_request_text": _("This request has expired. {application} got no answer."),
    "answer_already_processed": _("No longer needed"),
    "answer_already_processed_text": _(
        "This sign-in went on another way, with a code for example, or was given up in the "
        "browser. There is nothing left to do here."
    ),
    "answer_already_processed_request_text": _(
        "This request was answered elsewhere, or {application} gave it up."
    ),
    "not_you_advice": _("It was not you? Then somebody knows your password."),
    "answer_removed": _("This phone is no longer linked"),
    "answer_removed_text": _(
        "The link was removed in your account at {provider}, so its answers no longer count."
    ),
    "answer_wrong_number": _("Refused: wrong number"),
    "answer_wrong_number_text": _(
        "The number was wrong too often. Nobody was signed in. If it was you, start signing "
        "in again."
    ),
    "answer_bad_signature": _("The answer was not accepted"),
    "answer_bad_signature_text": _(
        "The key on this phone does not match the one at {provider}. Remove the link in your "
        "account's settings and link this phone again."
    ),
    "refused_advice": _("If it was not you, somebody knows your password. Change it now."),
    "refused_go": _("Change the password"),
    # Settings.
    "push_heading": _("Notifications"),
    "push_text": _("The phone then tells you about a sign-in even while this app is closed."),
    "push_turn_on": _("Turn on notifications"),
    "push_turn_off": _("Turn off notifications"),
    "push_is_on": _("Notifications are on. A sign-in reaches you even while this app is closed."),
    "push_is_off": _("Notifications are off. Requests appear only while this app is open."),
    "push_is_denied": _(
        "Notifications are blocked. Allow them for this site in the settings of the browser "
        "or phone. Until then, requests appear while this app is open."
    ),
    "push_is_impossible": _(
        "This browser has no notifications for apps. Requests appear while this app is open."
    ),
    "push_apple": _("On iPhone and iPad, notifications work once the app is on the home screen."),
    "push_no_account": _("Add an account first; then notifications can be turned on."),
    "push_said_on": _("Notifications are on."),
    "push_said_off": _("Notifications are off."),
    "push_said_denied": _("Notifications are blocked."),
    "push_said_impossible": _("This browser has no notifications."),
    "push_offline": _("There is no connection to the provider. Try again later."),
    "push_failed": _("The browser did not turn notifications on. Try again later."),
    "install_heading": _("On the home screen"),
    "install_text": _("Install the app: it then opens like any other, with or without a network."),
    "install_apple": _(
        "Tap Share, then Add to Home Screen, and link your account there: each home screen "
        "app keeps its own data."
    ),
    "install": _("Install"),
    "look_heading": _("Language and appearance"),
    "language": _("Language"),
    "language_offline": _("This language needs a connection. Try again later."),
    "theme": _("Appearance"),
    "theme_system": _("As the device"),
    "theme_light": _("Light"),
    "theme_dark": _("Dark"),
    "about_heading": _("About this app"),
    "about_text": _(
        "Keys are made on this phone and never leave it. Codes work without a network."
    ),
    "about_offline": _("Without a network"),
    "about_offline_yes": _("Ready"),
    "about_offline_no": _("Not ready: this browser has not stored the app"),
    "about_version": _("Version"),
    "erase_title": _("Erase this phone's data"),
    "erase_lead": _(
        "Before you give this phone away. The links stay in your accounts until you remove "
        "them there."
    ),
    "erase_go": _("Erase everything"),
    "erase_heading": _("Erase all accounts from this phone?"),
    "erase_text": _(
        "All keys on this phone are deleted. To sign in, you then need another method or a "
        "backup code."
    ),
    "erased": _("Everything is erased."),
    # Notifications, written by the service worker.
    "notify_heading": _("Is it you signing in?"),
    "notify_approval_heading": _("An application asks for your approval"),
    "notify_yes": _("Yes"),
    "notify_no": _("No"),
    "notify_refused": _("Refused"),
    "notify_refused_text": _("Nobody was signed in. If it was not you, change your password."),
    "notify_refused_request_text": _("The application was told no and got nothing."),
    "notify_not_refused": _("The sign-in could not be refused"),
    "notify_over": _("The request is over"),
    "notify_open": _("Open the app to see how it stands."),
    "notify_removed": _("This phone is no longer linked"),
    "notify_removed_text": _(
        "The link with {account} was removed. Its codes and answers are no longer accepted."
    ),
    "notify_other": _("There is news. Open the app."),
}


def words(language: str) -> dict[str, str]:
    """Return every text in ``language``."""
    with translation.override(language):
        return {key: str(text) for key, text in TEXTS.items()}
