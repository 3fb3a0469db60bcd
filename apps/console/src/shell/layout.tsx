import { Burger, Drawer } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { BrandMark } from '../ui/brand-mark';
import { ColorSchemeSwitch } from './color-scheme-switch';
import classes from './layout.module.css';
import { Navigation } from './navigation';
import { OperatorMenu } from './operator-menu';
import { Palette } from './palette/palette';
import { PaletteButton, PaletteIcon } from './palette/palette-button';
import { StepUpDialog } from './step-up-dialog';

const Brand = () => (
  <span className={classes.brand}>
    <BrandMark />
    Bastionary
  </span>
);

const Rail = ({ onNavigate }: { onNavigate?: () => void }) => (
  <>
    <div className={classes.places}>
      <Navigation {...(onNavigate && { onNavigate })} />
    </div>
    <div className={classes.foot}>
      <ColorSchemeSwitch />
      <OperatorMenu />
    </div>
  </>
);

/** The rail beside the page, or above it behind a burger where there is no room. */
export const Layout = () => {
  const [isMenuOpen, menu] = useDisclosure(false);
  const [isPaletteOpen, palette] = useDisclosure(false);
  // Not over another dialog: it may show a secret that is shown once.
  const openPalette = () => document.querySelector('[aria-modal="true"]') === null && palette.open();
  // From within a field too.
  useHotkeys([['mod+K', isPaletteOpen ? palette.close : openPalette]], []);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <header className={classes.bar}>
        <Brand />
        <span className={classes.barActions}>
          <PaletteIcon onOpen={palette.open} />
          <Burger
            opened={isMenuOpen}
            onClick={menu.toggle}
            aria-label="Menu"
            aria-expanded={isMenuOpen}
            size="sm"
            className={classes.burger}
          />
        </span>
      </header>
      <header className={classes.rail}>
        <div className={classes.railBrand}>
          <Brand />
        </div>
        <div className={classes.railSearch}>
          <PaletteButton onOpen={palette.open} />
        </div>
        <Rail />
      </header>
      <Drawer.Root opened={isMenuOpen} onClose={menu.close} position="left" size="18rem" lockScroll={false}>
        <Drawer.Overlay />
        <Drawer.Content aria-label="Menu" className={classes.drawerContent}>
          <div className={classes.drawerHead}>
            <Brand />
            <Drawer.CloseButton aria-label="Close the menu" />
          </div>
          <Drawer.Body className={classes.drawer}>
            <Rail onNavigate={menu.close} />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <Palette opened={isPaletteOpen} onClose={palette.close} />
      <StepUpDialog />
      <main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </main>
    </div>
  );
};
