export { CHECK_MAX, CheckTokensFlow, type CheckTokens } from './check-tokens.flow.js';
export { QueryOverlapsFlow } from './query-overlaps.flow.js';
export { QueryOverlapsModule } from './query-overlaps.module.js';
