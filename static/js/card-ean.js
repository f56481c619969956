// EAN-13, EAN-8, UPC-A and UPC-E (ISO/IEC 15420): the codes of most plastic cards, without a large package.

// Widths of space, bar, space, bar for each digit in set A; set C is the same with bars first, set B is set A mirrored.
const SET_A = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"];
// Which of the six left digits of EAN-13 are in set B (1), by the first digit, which is not drawn itself.
const LEFT = ["000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110", "011010"];
// The same for UPC-E, by its check digit, in number system 0; system 1 is the opposite.
const UPC_E = ["111000", "110100", "110010", "110001", "101100", "100110", "100011", "101010", "101001", "100101"];
const GUARD = "111";
const MIDDLE = "11111";
const UPC_E_END = "111111";

/** Modules that must stay white; the left of EAN-13 needs the most. */
export const QUIET_ZONE = 11;

const mirrored = (widths) => [...widths].reverse().join("");
const leftOf = (digits, sets) =>
  [...digits].map((digit, place) => (sets[place] === "1" ? mirrored(SET_A[digit]) : SET_A[digit])).join("");
const rightOf = (digits) => [...digits].map((digit) => SET_A[digit]).join("");

function ean13(digits) {
  const sets = LEFT[digits[0]];
  return GUARD + leftOf(digits.slice(1, 7), sets) + MIDDLE + rightOf(digits.slice(7)) + GUARD;
}

function ean8(digits) {
  return GUARD + leftOf(digits.slice(0, 4), "0000") + MIDDLE + rightOf(digits.slice(4)) + GUARD;
}

function upcE(digits) {
  const sets = digits[0] === "0" ? UPC_E[digits[7]] : UPC_E[digits[7]].replace(/./g, (set) => 1 - set);
  return GUARD + leftOf(digits.slice(1, 7), sets) + UPC_E_END;
}

const ENCODERS = { ean_13: ean13, ean_8: ean8, upc_a: (digits) => ean13(`0${digits}`), upc_e: upcE };

export const KNOWN = Object.keys(ENCODERS);

/** Return the widths, in modules, of bars and spaces in turn, for digits whose check digit is right. */
export function encode(symbology, digits) {
  return [...ENCODERS[symbology](digits)].map(Number);
}
