"""OK on one's own machine: plain http on localhost, everything else as in production."""

from okplatform.settings.base import *

# A passkey works on http://localhost, and on no other address without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Whoever builds a shop has it on the same machine.
OK_WEBHOOK_LOOPBACK = env.bool("OK_WEBHOOK_LOOPBACK", default=True)

# Tests listen there in the place of a browser's push service.
OK_PUSH_LOOPBACK = env.bool("OK_PUSH_LOOPBACK", default=False)
