// Marks this phone among the others, and says which one signs out (the server blocks it; the service
// worker and Clear-Site-Data remove its keys and codes).

import { device } from "ok/wallet-vault";

const here = await device().catch(() => null);
const line = here && document.querySelector(`[data-device="${CSS.escape(here.uuid)}"]`);
if (line) line.querySelector("[data-this-phone]").hidden = false;
document.querySelector("[data-sign-out]").elements.device.value = here?.uuid ?? "";
