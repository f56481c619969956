/**
 * Code 128 (ISO/IEC 15417) of digits and plain text. An even number of digits goes in set C, two to a symbol
 * character, also in front of other text, which goes in set B.
 */

const START_B = 104;
const START_C = 105;
const TO_B = 100;
const STOP = "2331112";
const FIRST_IN_B = 32;

// Widths of bar, space, bar, space, bar, space for the values 0 to 105 (ISO/IEC 15417, table 1).
const WIDTHS = (
  "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 " +
  "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 " +
  "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 " +
  "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 " +
  "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 " +
  "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 " +
  "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
).split(" ");

/** Modules that must stay white on each side. */
export const QUIET_ZONE = 10;

/** Return the widths, in modules, of bars and spaces in turn, for an even number of digits. */
export function encodeDigits(digits) {
  if (!/^(\d\d)+$/.test(digits)) throw new RangeError("set C takes an even number of digits");
  return widths([START_C, ...pairs(digits)]);
}

/** Return the widths for printable ASCII; a lone last digit goes in set B. */
export function encodeText(text) {
  if (!/^[ -~]+$/.test(text)) throw new RangeError("only printable ASCII");
  const [digits] = text.match(/^\d*/);
  const even = digits.slice(0, digits.length & ~1);
  const rest = text.slice(even.length);
  // Fewer than four digits take as many characters in set B.
  if (even.length < 4 && rest) return widths([START_B, ...inSetB(text)]);
  return widths([START_C, ...pairs(even), ...(rest ? [TO_B, ...inSetB(rest)] : [])]);
}

function pairs(digits) {
  return (digits.match(/\d\d/g) ?? []).map(Number);
}

function inSetB(text) {
  return [...text].map((character) => character.charCodeAt(0) - FIRST_IN_B);
}

function widths(values) {
  const check = values.reduce((sum, value, position) => sum + value * Math.max(position, 1), 0) % 103;
  const pattern = [...values, check].map((value) => WIDTHS[value]).join("") + STOP;
  return [...pattern].map(Number);
}
