/** Roles of parties and what each role's clients may ask for (docs/glossary.md). A role holds no scope of another. */
export const PARTY_ROLES = ['member', 'coordinator', 'liaison', 'auditor'] as const;
export type PartyRole = (typeof PARTY_ROLES)[number];

export const SCOPES = [
  'self:read',
  'clues:publish', 'clues:retract', 'clues:read', 'clues:check', 'overlaps:read', 'events:read', 'cases:read', 'cases:write', 'oprf:combine', 'brands:read', 'brands:write',
  'members:admin', 'cases:approve', 'packages:test',
  'packages:read', 'receipts:write', 'outcomes:write',
] as const;
export type Scope = (typeof SCOPES)[number];

export const SCOPES_OF_ROLE: Readonly<Record<PartyRole, readonly Scope[]>> = {
  member: ['self:read', 'clues:publish', 'clues:retract', 'clues:read', 'clues:check', 'overlaps:read', 'events:read', 'cases:read', 'cases:write', 'oprf:combine', 'brands:read', 'brands:write'],
  coordinator: ['self:read', 'events:read', 'members:admin', 'cases:read', 'cases:approve', 'packages:test'],
  liaison: ['self:read', 'events:read', 'packages:read', 'receipts:write', 'outcomes:write'],
  auditor: ['self:read'],
};
