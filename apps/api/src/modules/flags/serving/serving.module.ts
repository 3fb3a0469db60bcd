import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module.js';
import { FlagCallers } from './flag-callers.js';
import { FlagDocuments } from './flag-documents.js';
import { FlagDoor } from './flag-door.js';
import { FlagStreams } from './flag-streams.js';
import { FlagUses } from './flag-uses.js';
import { KnownPlatforms } from './known-platforms.js';
import { OfrepController } from './ofrep.controller.js';
import { PublicKeys } from './public-keys.js';

@Module({
  imports: [AuthModule],
  controllers: [OfrepController],
  providers: [FlagCallers, FlagDocuments, FlagDoor, FlagStreams, FlagUses, KnownPlatforms, PublicKeys],
  exports: [KnownPlatforms],
})
export class ServingModule {}
