/**
 * Lets so many chunks into memory at once; the others wait with their bodies unread, which TCP turns into back-pressure. One party has half of
 * the places at most, and a quarter of the queue: a member that sends slowly, or without end, does not keep the others from publishing.
 */
import { DomainError } from '#kernel';

interface Waiting {
  readonly who: string;
  readonly enter: () => void;
}

export class UploadGate {
  private free: number;
  private readonly ofOne: number;
  private readonly inside = new Map<string, number>();
  private readonly waiting: Waiting[] = [];

  constructor(places: number, private readonly queue: number) {
    this.free = places;
    this.ofOne = Math.max(1, Math.floor(places / 2));
  }

  /** @param who whose upload it is @throws DomainError LIMIT_EXCEEDED when the queue, or the party's part of it, is full */
  async within<T>(who: string, work: () => Promise<T>): Promise<T> {
    await this.enter(who);
    try {
      return await work();
    } finally {
      this.leave(who);
    }
  }

  private async enter(who: string): Promise<void> {
    if (this.hasRoom(who)) return this.take(who);
    const own = this.waiting.filter((one) => one.who === who).length;
    if (this.waiting.length >= this.queue || own >= Math.ceil(this.queue / 4)) throw new DomainError('LIMIT_EXCEEDED', 'too many uploads at once', { limit: 'uploads' });
    await new Promise<void>((enter) => { this.waiting.push({ who, enter }); });
  }

  private leave(who: string): void {
    this.free += 1;
    const left = (this.inside.get(who) ?? 1) - 1;
    if (left > 0) this.inside.set(who, left);
    else this.inside.delete(who);
    const next = this.waiting.findIndex((one) => this.hasRoom(one.who));
    const [found] = next < 0 ? [] : this.waiting.splice(next, 1);
    if (found === undefined) return;
    this.take(found.who);
    found.enter();
  }

  private hasRoom(who: string): boolean {
    return this.free > 0 && (this.inside.get(who) ?? 0) < this.ofOne;
  }

  private take(who: string): void {
    this.free -= 1;
    this.inside.set(who, (this.inside.get(who) ?? 0) + 1);
  }
}
