/**
 * Numbers of other countries that libphonenumber-js leaves out although Google's libphonenumber has them: services in a length that neither
 * landlines nor mobiles of the country have. Digits from the country code on. Version 2026-11, from resources/metadata/229 and 98 of
 * libphonenumber 9.0.35 (facts). Every example number of that release is read, but CN 168xxxxx, which nobody can dial from abroad.
 */
const SERVICES_ABROAD = /^(?:229(?:81\d{6}|857[58]\d{4})|9896\d{2,3})$/; // Benin: UAN, VoIP; Iran: UAN

export const isServiceAbroad = (digits: string): boolean => SERVICES_ABROAD.test(digits);
