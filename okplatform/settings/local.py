"""OK on one's own machine: plain http on localhost, everything else as in production."""

from okplatform.settings.base import *

# A passkey works on http://localhost, and on no other address without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
