import { Module } from '@nestjs/common';
import { WalletsController } from './wallets.controller.js';

@Module({ controllers: [WalletsController] })
export class WalletsModule {}
