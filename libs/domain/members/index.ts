export * from './directory.repository.js';
export * from './member.model.js';
export * from './members.module.js';
