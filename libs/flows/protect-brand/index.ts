export * from './brand-alerts.flow.js';
export * from './give-warned-tokens.flow.js';
export * from './protect-brand.module.js';
export * from './register-brand.flow.js';
