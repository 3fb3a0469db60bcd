// @ts-check
import { createRequire } from 'node:module';
import { endWithParent } from '../end-with-parent.mjs';
import { isClient, issue, jwks, tokenAnswer } from './work.mjs';

// The same work in a handler of the framework that the api uses, at the api's versions; decorators called by hand.
/** @type {(name: string) => any} */
const ofApi = createRequire(new URL('../../../apps/api/package.json', import.meta.url));
ofApi('reflect-metadata');
const { Controller, Get, HttpCode, Module, Post, Req, UnauthorizedException } = ofApi('@nestjs/common');
const { NestFactory } = ofApi('@nestjs/core');
const { FastifyAdapter } = ofApi('@nestjs/platform-fastify');

class BareController {
  /** @param {import('node:http').IncomingMessage} request */
  token(request) {
    if (!isClient(request.headers.authorization)) throw new UnauthorizedException();
    return tokenAnswer(issue().token);
  }

  keys() {
    return JSON.parse(jwks);
  }
}

/** @param {'token' | 'keys'} name @param {((target: object, name: string, property: object) => void)[]} decorators */
const decorate = (name, ...decorators) => {
  for (const decorator of decorators) {
    decorator(BareController.prototype, name, Object(Object.getOwnPropertyDescriptor(BareController.prototype, name)));
  }
};
Controller()(BareController);
decorate('token', Post('token'), HttpCode(200));
Req()(BareController.prototype, 'token', 0);
decorate('keys', Get('jwks'));

class BareModule {}
Module({ controllers: [BareController] })(BareModule);

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
endWithParent();
