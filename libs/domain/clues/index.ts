export type * from './clue.model.js';
export { ClueBatch, MoveBatch, type StagedBatch } from './clue-batch.js';
export { ClueMovesRepository } from './clue-moves.repository.js';
export { judgeBasis } from './clue.policy.js';
export { readBasis } from './clue-shape.policy.js';
export { CluesModule } from './clues.module.js';
export { CluesRepository, type Ingested } from './clues.repository.js';
export { PublicationsRepository, type Via } from './publications.repository.js';
