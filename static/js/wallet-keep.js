// Pages that have nothing else to do fill the phone too.

import { fill } from "ok/wallet-fill";

fill();
