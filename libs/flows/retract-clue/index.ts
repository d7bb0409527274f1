export { RETRACT_MAX, RetractClueFlow, type RetractClues, type RetractedClues, type RetractionOutcome } from './retract-clue.flow.js';
export { RetractClueModule } from './retract-clue.module.js';
