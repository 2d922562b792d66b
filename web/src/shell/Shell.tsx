import { Link, Outlet } from "@tanstack/react-router";

export function Shell() {
  return (
    <div className="flex h-full">
      <nav className="w-64 border-r border-line p-4">
        <Link to="/">Evenhand</Link>
        <Link to="/boards">Boards</Link>
      </nav>
      <main id="main" className="min-w-0 flex-1 overflow-y-auto">
        <Outlet />
      </main>
    </div>
  );
}
