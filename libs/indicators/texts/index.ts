export { bandsOf, textBandsOf, textPiecesOf } from './text-bands.js';
