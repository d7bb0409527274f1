/**
 * The rejects file: line,row,code,reason. Written as the rows are dealt with; its length is part of the resume point,
 * so that a resumed publication cuts off what the interrupted one wrote beyond it and no reject stands twice.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { DomainError } from '#kernel';
import type { RowReject } from './row-reject.js';

const HEADER = 'line,row,code,reason\n';

export class RejectsFile {
  private constructor(private readonly handle: FileHandle, private size: number) {}

  /** @param size bytes of an interrupted run that count; 0 starts anew. @throws FILE_UNREADABLE when it cannot be written */
  static async open(file: string, size: number): Promise<RejectsFile> {
    try {
      const handle = await open(file, size > 0 ? 'r+' : 'w', 0o600);
      const there = (await handle.stat()).size;
      const from = there < size ? 0 : size; // the file was taken away meanwhile: what follows is still told
      await handle.truncate(from);
      const rejects = new RejectsFile(handle, from);
      if (from === 0) await rejects.append(HEADER);
      return rejects;
    } catch (error) {
      if (size > 0 && (error as NodeJS.ErrnoException).code === 'ENOENT') return RejectsFile.open(file, 0);
      throw new DomainError('FILE_UNREADABLE', 'rejects file cannot be written', { reason: (error as NodeJS.ErrnoException).code ?? 'unwritable' });
    }
  }

  get bytes(): number {
    return this.size;
  }

  async write(rejects: readonly RowReject[], language: 'zh' | 'en'): Promise<void> {
    if (rejects.length === 0) return;
    await this.append(rejects.map(({ line, row, code, reason, reasonZh }) => [line, row, code, language === 'zh' ? reasonZh : reason].map(csvCell).join(',') + '\n').join(''));
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async append(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    await this.handle.write(bytes, 0, bytes.length, this.size);
    this.size += bytes.length;
  }
}

/** RFC 4180; a leading = + - @ is quoted apart so that no spreadsheet runs it. */
export function csvCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
