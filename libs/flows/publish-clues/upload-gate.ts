/** Lets so many chunks into memory at once; the others wait with their bodies unread, which TCP turns into back-pressure. */
import { DomainError } from '#kernel';

export class UploadGate {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(places: number, private readonly queue: number) {
    this.free = places;
  }

  /** @throws DomainError LIMIT_EXCEEDED when the queue is full */
  async within<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    if (this.waiting.length >= this.queue) throw new DomainError('LIMIT_EXCEEDED', 'too many uploads at once', { limit: 'uploads' });
    await new Promise<void>((resolve) => { this.waiting.push(resolve); });
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
