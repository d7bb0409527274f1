export * from './propose-entry.js';
export * from './sign-roster.js';
