// Buttons that copy the field before them.
document.addEventListener( 'click', ( event ) => {
	const button = event.target.closest( '[data-hospes-copy]' );
	if ( ! button ) {
		return;
	}
	const field = document.getElementById( button.dataset.hospesCopy );
	field.select();
	const done = () => {
		button.textContent = button.dataset.done;
	};
	if ( navigator.clipboard ) {
		navigator.clipboard.writeText( field.value ).then( done, () => {} );
	} else if ( document.execCommand( 'copy' ) ) { // A site without https has no other way.
		done();
	}
} );
