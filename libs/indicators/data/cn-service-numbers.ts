/**
 * Chinese numbers that are dialled as they stand and have no E.164 form: short codes and domestic-only long codes.
 * Version 2026-11. From the numbering plan (MIIT "电信网编号计划" 2017: 1XX, 95XXX(X), 96XXX(X), 10XXX, 106, 12XXX).
 * libphonenumber calls all of them invalid, and formats 95588 as +8695588, which is nobody's number.
 */
const SHORT = [
  /^11[0249]$/, /^12[02]$/, // emergency and directory: 110 112 114 119 120 122
  /^10[01][0-9]{2}$/, /^10000[0-9]$/, // carriers: 10000 10010 10086 10099, branches such as 100003
  /^11[18][0-9]{2}$/, /^11[68]114$/, // post 11183 11185, number services 118xx 116114
  /^12[1-9][0-9]{2}$/, // public service 12315 12345 12378 12110
  /^95[0-9]{3,4}$/, // nationwide customer service, five or six digits
  /^96[0-9]{3,4}$/, // provincial service
];
const DOMESTIC = [
  /^95[0-9]{5,8}$/, // 95-long: a short code and what follows it (95013 + 5, 95163 + 3)
  /^10[16][0-9]{5}$/, // 1010xxxx
  /^106[0-9]{4,17}$/, // SMS ports
  /^16[08][0-9]{5}$/, // premium-rate information lines
  /^100(?:00|01|10|86)[0-9]{2,4}$/, // carrier sub-services
  /^1(?:064|4[0-9]{2})[0-9]{9}$/, // machine-to-machine SIMs, 13 digits
];

export type ServiceClass = 'CN-SHORT' | 'CN-DOM';

export function serviceClassOf(digits: string): ServiceClass | null {
  if (digits.length <= 6) return SHORT.some((shape) => shape.test(digits)) ? 'CN-SHORT' : null;
  return digits.length <= 20 && DOMESTIC.some((shape) => shape.test(digits)) ? 'CN-DOM' : null;
}
