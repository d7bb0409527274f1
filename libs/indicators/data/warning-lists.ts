/**
 * Warning lists, version 2026-11. Facts from public sources:
 * authorities: MIIT numbering plan (1XX, 12XXX public service, 96110 anti-fraud line of the police);
 * hotlines: the banks', insurers' and carriers' own published numbers (955xx and 100xx as classes);
 * reserved telephone ranges: NANPA (555-0100..0199), Ofcom and ACMA ("numbers for use in TV and radio drama");
 * hosts: RFC 2606, RFC 6761; cards: acquirers' published test numbers; IMEI: test bodies 00 and 99 are GSMA TS.06.
 */
const AUTHORITY = /^CN-SHORT:(?:11[0249]|12[02]|12[1-9]\d{2}|123\d{2}|96110)$/;
/** 955xx belongs to banks, insurers, brokers and utilities; 100xx to carriers; 956xxx and 9533x..9539x to brokers and lenders. */
const HOTLINE = /^CN-SHORT:(?:955\d{2,3}|100\d{2}|953\d{2}|956\d{3})$/;
const RESERVED_PHONES = [
  /^\+1[2-9]\d{2}55501\d{2}$/,
  /^\+44(?:2079460|1[1-6]1496|1184960|1632960|7700900|8081570|9098790|3069990|1914980|2890180|2920180)\d{3,4}$/,
  /^\+61(?:[2378](?:5550|7010)\d{4}|491570(?:006|15[6-9]|110|313|737)|1800(?:160401|975707))$/,
];
const RESERVED_HOST = /(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org))$/;
const TEST_CARDS = new Set([
  '4111111111111111', '4242424242424242', '4012888888881881', '4000056655665556', '5555555555554444', '5105105105105100', '2223003122003222',
  '378282246310005', '371449635398431', '6011111111111117', '30569309025904', '3530111333300000', '6200000000000005', '6250947000000014',
]);

/** The authority numbers that are one number each and not a class: enough for people to be called by. */
export const AUTHORITY_NUMBERS: readonly string[] = ['110', '112', '114', '119', '120', '122', '12110', '12119', '12121', '12123', '12305', '12309', '12313', '12315', '12318', '12319', '12320', '12321', '12328', '12329', '12333', '12337', '12339', '12345',
  '12348', '12350', '12351', '12355', '12356', '12358', '12360', '12363', '12365', '12366', '12367', '12369', '12371', '12377', '12378', '12380', '12381', '12385', '12386', '12388', '12389', '12393', '12395', '96110'];

export const isAuthorityNumber = (value: string): boolean => AUTHORITY.test(value);
export const isMemberHotline = (value: string): boolean => HOTLINE.test(value);
export const isReservedPhone = (value: string): boolean => RESERVED_PHONES.some((range) => range.test(value));
export const isReservedHost = (host: string): boolean => RESERVED_HOST.test(host);
export const isTestCard = (digits: string): boolean => TEST_CARDS.has(digits);
export const isTestDevice = (value: string): boolean => /^imei:(?:00|99)/.test(value);
