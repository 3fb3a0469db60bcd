// The part of simple-oauth2 that foreign-clients.test.ts uses; the package brings no types.
declare module 'simple-oauth2' {
  interface AccessToken {
    readonly token: { access_token: string; token_type: string; expires_in: number; expires_at: Date; scope: string };
    expired(withinSeconds?: number): boolean;
    revoke(kind: 'access_token'): Promise<unknown>;
  }
  export class ClientCredentials {
    constructor(options: {
      client: { id: string; secret: string };
      auth: { tokenHost: string; tokenPath: string; revokePath: string };
      options?: { authorizationMethod?: 'header' | 'body'; credentialsEncodingMode?: 'strict' | 'loose' };
    });
    getToken(parameters: { scope?: string | string[] }): Promise<AccessToken>;
  }
}
