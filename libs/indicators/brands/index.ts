export { BrandIndex } from './brand-index.js';
export type { Brand, BrandFinding, Imitation } from './brand.model.js';
