import { Anchor, type AnchorProps, Button, type ButtonProps, NavLink, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type LinkAttributes<Own> = Own &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own> & { ref?: Ref<HTMLAnchorElement> };

/** Mantine's looks on TanStack Router's typed links. */
export const RouterAnchor = createLink((props: LinkAttributes<AnchorProps>) => <Anchor {...props} />);
export const RouterButton = createLink((props: LinkAttributes<ButtonProps>) => <Button component="a" {...props} />);
export const RouterNavLink = createLink((props: LinkAttributes<NavLinkProps>) => <NavLink component="a" {...props} />);
