export * from './directory.js';
export * from './member.model.js';
export * from './members.errors.js';
export * from './members.module.js';
export * from './parties.repository.js';
export * from './party.machine.js';
export * from './public-file.js';
