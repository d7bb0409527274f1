export { bandsOf, TEXT_READ_MAX, textBandsOf, textPiecesOf } from './text-bands.js';
