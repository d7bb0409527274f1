/**
 * Landline area codes of mainland China, without the trunk zero, and how long a subscriber number is there.
 * Version 2026-11; retired codes (0565, 0732, 0733, 0890, 0899, ...) are left out. Written down from the national numbering plan (MIIT, "电信网编号计划"; ITU-T operational bulletin for
 * country code 86) province by province. libphonenumber is not asked: its tables miss allocated areas and let junk through.
 * Codes beginning with 1 or 2 have two digits and eight-digit numbers; all others have three digits.
 */
const BY_PROVINCE: Readonly<Record<string, string>> = {
  municipalities: '10 21 22 23', provincialCapitals: '20 24 25 27 28 29',
  hebei: '310-319 335', shanxi: '349-359', henan: '370-379 391-396 398',
  liaoning: '410-419 421 427 429', jilin: '431-439', heilongjiang: '451-459 464 467-469',
  innerMongolia: '470-479 482 483', jiangsu: '510-519 523 527', shandong: '530-539 543 546 631-635',
  anhui: '550-559 561-564 566', zhejiang: '570-580', fujian: '591-599',
  jiangxi: '701 790-799', hubei: '710-719 722 724 728', hunan: '730 731 734-739 743-746',
  guangdong: '660 662 663 668 750-760 762 763 766 768 769', guangxi: '770-779', hainan: '898',
  sichuan: '812 813 816-818 825-827 830-839', chongqingFormer: '807', guizhou: '851-859', yunnan: '691 692 870-879 883 886-888',
  tibet: '891-897', shaanxi: '911-917 919', gansu: '930-939 941 943', ningxia: '951-955', qinghai: '970-977 979',
  xinjiang: '901-903 906 908 909 990-999',
};

/** Three-digit areas that went over to eight-digit numbers; elsewhere both lengths are seen. */
const EIGHT_DIGIT_ONLY = '311 371 377 379 411 431 432 451 510-519 523 527 531 532 551 571 573-577 579 591 595 731 755 757 760 769 791 871 898';

function expand(list: string): string[] {
  return list.split(' ').flatMap((item) => {
    const [from = '', to = from] = item.split('-');
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => String(Number(from) + i));
  });
}

export const CN_AREA_CODES: ReadonlySet<string> = new Set(Object.values(BY_PROVINCE).flatMap(expand));
const eightOnly = new Set(expand(EIGHT_DIGIT_ONLY));

/** The area code at the head of a national number without trunk zero: two digits after 1 or 2, else three. */
export function areaCodeOf(national: string): string {
  const first = national.charCodeAt(0);
  return national.slice(0, first === 0x31 || first === 0x32 ? 2 : 3);
}

export function subscriberLengthFits(areaCode: string, length: number): boolean {
  return length === 8 || (length === 7 && areaCode.length === 3 && !eightOnly.has(areaCode));
}
