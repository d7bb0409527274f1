export * from './overlap.model.js';
export { MatchingRepository } from './matching.repository.js';
export { OverlapsModule } from './overlaps.module.js';
export { OverlapsRepository } from './overlaps.repository.js';
