"""How people sign in: allauth's settings, the same on every machine. Part of ``base``."""

# Sign-in: passkey, or e-mail address and password; a new address is proved by a code.
ACCOUNT_ADAPTER = "okplatform.web.adapters.PersonAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "okplatform.web.forms.SignInForm",
    "signup": "okplatform.web.forms.SignUpForm",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_REDIRECT_URL = "web:passkey-offer"
# How you sign in is changed by whoever has shown within five minutes that it is you.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "web:home"
# Or a code by mail: short-lived, few tries, and the page says the same to whoever is not known.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# A passkey signs in by itself; whoever has one, or an app with codes, is asked for it after a
# password or a mailed code too, or for a recovery code.
MFA_ADAPTER = "okplatform.web.second_factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "okplatform.web.second_factors.ConnectAppForm",
    "add_webauthn": "okplatform.web.second_factors.NamePasskeyForm",
    "authenticate": "okplatform.web.second_factors.CodeOnceForm",
    "authenticate_webauthn": "okplatform.web.second_factors.PasskeyBesidesForm",
    "login_webauthn": "okplatform.web.second_factors.PasskeyForm",
    "reauthenticate": "okplatform.web.second_factors.CodeOnceAgainForm",
    "reauthenticate_webauthn": "okplatform.web.second_factors.PasskeyAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
# Each look at the sign-in page asks once, for browsers that offer passkeys while one types.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "OK"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
