// Pages that have nothing else to do fill the phone too, once they are there themselves.

import { whenIdle } from "ok/shell";

await whenIdle();
const { fill } = await import("ok/wallet-fill");
fill();
