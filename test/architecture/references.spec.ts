/** A comment that sends its reader to a page must name one that is in the project. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';
import { filesBelow, SOURCE_FOLDERS, type SourceFile } from './source-tree.js';

const PAGE = /(?<![\w*$`'"./{}<-])((?:[\w.-]+\/)*[\w-]+\.md)\b/g;

function missingPages({ name, text }: SourceFile): string[] {
  const comments = [...text.matchAll(/\/\*\*?[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|(?<=^|\s)--.*$|^#.*$/gm)].map(([comment]) => comment).join('\n');
  const pages = [...comments.matchAll(PAGE)].map((match) => match[1] ?? '');
  const exists = (page: string): boolean => [page, path.join('docs', page), path.join(path.dirname(name), page)].some((file) => existsSync(path.join(ROOT, file)));
  return [...new Set(pages.filter((page) => !exists(page)))].map((page) => `${name}: ${page}`);
}

describe('references in comments', () => {
  it('lead to pages that exist', () => {
    expect(missingPages({ name: 'libs/a.ts', text: '/** See protocol.md 4 and docs/architecture.md. */\n// (secrets.md 2)\nconst a = 1;' })).toHaveLength(2);
    expect(filesBelow([...SOURCE_FOLDERS, 'docker', '.ci'], /\.(ts|mjs|sql|yaml|graphql)$|Dockerfile$/).filter((file) => !file.name.endsWith('references.spec.ts')).flatMap(missingPages)).toEqual([]);
  });
});
