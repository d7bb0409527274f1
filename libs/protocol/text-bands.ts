/**
 * Texts are compared by bands of min-hashes (docs/complaint-texts.md): how many tokens a text has, how many must be equal, and how long
 * the hub keeps them. The agent makes them, the hub counts them; the figures come from `npm run bench -- complaints`.
 */
export const TEXT_BANDS = 20;
export const TEXT_BANDS_EQUAL = 4;
export const TEXT_DAYS_MAX = 90;
