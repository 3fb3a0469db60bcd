import { Module } from '@nestjs/common';
import { MetersController } from './meters.controller.js';

@Module({ controllers: [MetersController] })
export class MetersModule {}
