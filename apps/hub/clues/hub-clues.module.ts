import { Module } from '@nestjs/common';
import { PublishCluesModule } from '#flows/publish-clues';
import { RetractClueModule } from '#flows/retract-clue';
import { ClueResolver } from './clue.resolver.js';
import { PublicationController } from './publication.controller.js';

@Module({ imports: [PublishCluesModule, RetractClueModule], controllers: [PublicationController], providers: [ClueResolver] })
export class HubCluesModule {}
