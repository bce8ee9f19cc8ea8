// Marks the page before it is drawn, so that controls which need scripts never appear late.
document.documentElement.classList.add("scripts");
