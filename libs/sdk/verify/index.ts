export * from './pins.js';
export * from './verify-package.js';
export * from './stix-bundle.js';
export * from './package-report.js';
