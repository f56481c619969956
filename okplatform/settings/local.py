"""OK on one's own machine: plain http on localhost, everything else as in production."""

from okplatform.settings.base import *
