export { CHUNK_LIMITS } from './chunk-reader.js';
export { FinishPublicationFlow } from './finish-publication.flow.js';
export { OwnCluesFlow } from './own-clues.flow.js';
export { BATCH_MAX, PublishCluesFlow, type ClueOutcome, type PublishClues, type PublishedClues, type PublishedItem } from './publish-clues.flow.js';
export { PublishCluesModule } from './publish-clues.module.js';
export { TakeChunkFlow } from './take-chunk.flow.js';
export { TakeMovesFlow } from './take-moves.flow.js';
export { type ChunkAddress, type TakenChunk } from './take-once.js';
