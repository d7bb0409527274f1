export * from './propose-entry.js';
export * from './roster-memory.js';
export * from './sign-roster.js';
