export * from './profile.js';
export * from './publish-file.js';
export { csvCell, RejectsFile } from './rejects-file.js';
export * from './row-intake.js';
export * from './row-reject.js';
export { moveClues, type MoveOptions, type MoveSummary } from './move-clues.js';
export { WINDOW_FORMS_DEFAULT } from './publish-window.js';
