export * from './check-values.js';
export * from './events.js';
export * from './overlaps.js';
export * from './retract-clues.js';
